"""The clock on the wall: Yunnan keeps the time of Beijing."""

from datetime import timedelta, timezone

__all__ = ["LOCAL_TIME"]

LOCAL_TIME = timezone(timedelta(hours=8))
