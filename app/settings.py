"""The one reader of environment and settings files."""

from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, IPvAnyNetwork, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

__all__ = ["Language", "NoticeSettings", "Settings"]

Language = Literal["zh", "en"]


class NoticeSettings(BaseModel):
    """How notices get out: ``GREENCHANNEL_NOTICES`` is a JSON object of these.

    Only ``hosts`` are called, only with TLS unless they are in ``plain_hosts``, and at an address
    that is not public only where it lies in ``networks``. Places such as ``{text}`` in templates
    are filled in. Without ``webhook_template``, ``sms_url`` or ``smtp_host`` there is no such
    channel, and its notices wait.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    hosts: frozenset[str] = frozenset()
    plain_hosts: frozenset[str] = frozenset()
    networks: tuple[IPvAnyNetwork, ...] = ()
    limit_s: float = Field(default=8.0, gt=0, le=20)
    webhook_template: str | None = None
    sms_url: str | None = None
    sms_template: dict[str, str] = Field(default_factory=dict)
    sms_form: Literal["form", "json"] = "form"
    sms_secret: SecretStr = SecretStr("")
    smtp_host: str | None = None
    smtp_port: int = Field(default=587, ge=1, le=65535)
    smtp_sender: str = ""
    smtp_subject: str = "Greenchannel"
    smtp_user: str = ""
    smtp_password: SecretStr = SecretStr("")


class Settings(BaseSettings):
    """Everything an installation may set; each as ``GREENCHANNEL_<NAME>`` in the environment.

    ``data_dir`` holds imported files and signatures; ``signatures`` may lie elsewhere. Bodies and
    the number of requests in one plan are bounded because they protect the process.
    The calculators store nothing and name nobody; with a database they are for whoever is signed in
    unless ``open_calculators``. With ``training`` the whole installation is a training room: every
    referral is an exercise. ``database_url`` is ``DATABASE_URL`` in the environment, without a
    prefix as everywhere; none is an installation that calculates and stores nothing.
    ``key_file`` is the ring of keys that
    opens what is sealed in the database; every server needs the same one, and a backup of the
    database is worth nothing without it.

    ``worker_inside`` lets the service itself do what falls due and send notices; None is yes on
    SQLite, where no other process should, and no on PostgreSQL.

    ``retention_..._years`` is how long the identity of a patient is kept after her last referral;
    figures stay. 30 years is the least for records of in-patients (医疗机构管理条例实施细则,
    art. 53); that a referral is kept like one is **assumed** until an installation says otherwise.
    Every ``verify_every_minutes`` the worker checks the whole database.
    ``keep_commands_hours`` is how long a repeated command is still known (72 at least),
    ``keep_changes_hours`` how long a screen that was away is told what it missed; after that it is
    told to read everything again.
    A screen at which nobody was for ``idle_lock_minutes`` asks for the password.
    Of commands ``max_commands`` are at work at once, of everything else ``max_others``; more of
    them share the same processor and each takes longer. Of either ``max_waiting`` more wait, for
    ``wait_s`` at most, and nobody where the queue does not end. Whoever comes then is refused at
    once and told to come again; liveness and readiness are always answered. ``writer_wait_s`` is
    how long a command waits for those who write to the same SQLite file before it.

    ``font_dir`` is a folder with a Chinese font for PDF; None looks among those of the system.
    ``seal_file`` is best on another machine. ``postgres_tools`` is the folder of pg_dump and
    pg_restore where they are not on the path.
    """

    model_config = SettingsConfigDict(
        env_prefix="GREENCHANNEL_", frozen=True, extra="ignore", populate_by_name=True
    )

    host: str = "127.0.0.1"
    port: int = Field(default=8000, ge=0, le=65535)
    language: Language = "zh"
    open_calculators: bool = False
    training: bool = False
    database_url: str | None = Field(default=None, validation_alias="DATABASE_URL", repr=False)
    data_dir: Path = Path("~/.local/share/greenchannel")
    signatures: Path | None = None
    key_file: Path | None = None
    retention_maternal_years: int = Field(default=30, ge=1, le=100)
    retention_newborn_years: int = Field(default=30, ge=1, le=100)
    keep_commands_hours: int = Field(default=168, ge=72)
    keep_changes_hours: int = Field(default=72, ge=2)
    verify_every_minutes: int = Field(default=60, ge=5, le=1440)
    seal_file: Path | None = None
    font_dir: Path | None = None
    postgres_tools: Path | None = None
    max_body_bytes: int = Field(default=1_000_000, ge=1_000)
    max_plan_body_bytes: int = Field(default=5_000_000, ge=1_000)
    max_plan_requests: int = Field(default=2_000, ge=1)
    max_concurrent_plans: int = Field(default=2, ge=1)
    max_booking_body_bytes: int = Field(default=100_000_000, ge=1_000)
    max_booking_pregnancies: int = Field(default=2_000, ge=1)
    plan_limit_s: float = Field(default=10.0, gt=0, le=600)
    keep_alive_s: int = Field(default=15, ge=1)
    max_connections: int = Field(default=200, ge=1)
    max_commands: int = Field(default=2, ge=1)
    max_others: int = Field(default=8, ge=1)
    max_waiting: int = Field(default=16, ge=0)
    wait_s: float = Field(default=5.0, gt=0, le=60)
    writer_wait_s: float = Field(default=5.0, gt=0, le=60)
    valid_minutes: int = Field(default=60, ge=1)
    province: str = Field(default="53", pattern=r"^\d{2}$")
    worker_inside: bool | None = None
    worker_poll_s: float = Field(default=1.0, gt=0, le=10)
    idle_lock_minutes: int = Field(default=5, ge=1, le=60)
    max_listeners: int = Field(default=100, ge=1)
    notices: NoticeSettings = Field(default=NoticeSettings(), repr=False)

    @property
    def data_folder(self) -> Path:
        """The data folder with ``~`` resolved."""
        return self.data_dir.expanduser()

    @property
    def signature_file(self) -> Path:
        """Where the signatures of rule rows lie."""
        given = self.signatures
        return given.expanduser() if given else self.data_folder / "signatures.json"

    @property
    def keys(self) -> Path:
        """Where the ring of keys lies."""
        given = self.key_file
        return given.expanduser() if given else self.data_folder / "keys.json"

    @property
    def seal_key_file(self) -> Path:
        """Where the key of the seals lies."""
        return self.data_folder / "seal.key"

    @property
    def backup_key_file(self) -> Path:
        """Where the key of the backups lies; without it no backup can be read."""
        return self.data_folder / "backup.key"

    @property
    def seals_outside(self) -> Path:
        """The file in which every seal is kept beside the database."""
        return self.seal_file.expanduser() if self.seal_file else self.data_folder / "seals.txt"
