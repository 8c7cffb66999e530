"""The one reader of environment and settings files."""

from pathlib import Path
from typing import Literal

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict

__all__ = ["Language", "Settings"]

Language = Literal["zh", "en"]


class Settings(BaseSettings):
    """Everything an installation may set; each as ``GREENCHANNEL_<NAME>`` in the environment.

    ``data_dir`` holds imported files and signatures; ``signatures`` may lie elsewhere. Bodies and
    the number of requests in one plan are bounded because they protect the process.
    The calculators store nothing and name nobody; with a database they are for whoever is signed in
    unless ``open_calculators``. ``database_url`` is ``DATABASE_URL`` in the environment, without a
    prefix as everywhere; none is an installation that calculates and stores nothing.
    """

    model_config = SettingsConfigDict(
        env_prefix="GREENCHANNEL_", frozen=True, extra="ignore", populate_by_name=True
    )

    host: str = "127.0.0.1"
    port: int = Field(default=8000, ge=0, le=65535)
    language: Language = "zh"
    open_calculators: bool = False
    database_url: str | None = Field(default=None, validation_alias="DATABASE_URL", repr=False)
    data_dir: Path = Path("~/.local/share/greenchannel")
    signatures: Path | None = None
    max_body_bytes: int = Field(default=1_000_000, ge=1_000)
    max_plan_body_bytes: int = Field(default=5_000_000, ge=1_000)
    max_plan_requests: int = Field(default=2_000, ge=1)
    max_concurrent_plans: int = Field(default=2, ge=1)
    plan_limit_s: float = Field(default=10.0, gt=0, le=600)
    keep_alive_s: int = Field(default=15, ge=1)
    max_connections: int = Field(default=200, ge=1)
    valid_minutes: int = Field(default=60, ge=1)

    @property
    def data_folder(self) -> Path:
        """The data folder with ``~`` resolved."""
        return self.data_dir.expanduser()

    @property
    def signature_file(self) -> Path:
        """Where the signatures of rule rows lie."""
        given = self.signatures
        return given.expanduser() if given else self.data_folder / "signatures.json"
