"""What is told of a referral, in plain words; the rules of the matrix read this."""

from dataclasses import dataclass, field


@dataclass
class Told:
    """What everybody on the ward would say of a referral.

    ``sender``, ``entered_by``, ``asked``, ``takes``, ``brings``, ``heading`` (where she
    is brought) and ``coordinates`` are names of
    organisations of the stage; ``glass`` are people who broke the glass and may look now.
    """

    name: str
    sender: str
    county: str
    home: str | None = None
    entered_by: str | None = None
    asked: frozenset = frozenset()
    takes: str | None = None
    brings: str | None = None
    heading: str | None = None
    coordinates: str | None = None
    open: bool = True
    emergency: bool = True
    glass: frozenset = frozenset()
    offered_to: str | None = None
    province: str = "53"
    ids: dict = field(default_factory=dict)
    secrets: tuple = ()
    journey: tuple = ()
