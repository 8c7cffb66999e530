"""Identity numbers, telephones and names as they are compared, and what is wrong with a number.

A resident identity number (GB 11643-1999) has six digits of a division, the date of birth, three
digits and a check character by ISO 7064 MOD 11-2. The older form of 15 digits has two digits of the
year and no check character; it is turned into the newer one, so that both are one number.
"""

import re
import unicodedata
from datetime import date

__all__ = [
    "born_by_number",
    "check_character",
    "normal_name",
    "normal_number",
    "normal_phone",
    "normal_resident",
    "resident_faults",
]

WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
CHECKS = "10X98765432"
REGION = re.compile(
    "1[1-5]|2[1-3]|3[1-7]|4[1-6]|5[0-4]|6[1-5]|71|8[1-3]|9[0-9]"  # 8, 9: from beyond the mainland
)
OLD, NEW = 15, 18
SPACES_AND_DASHES = re.compile(r"[\s‐‑‒–—―−\-_.·]+")
DOTS = re.compile(r"[\s·•・‧∙⋅.]+")
NOT_PHONE = re.compile(r"[\s‐‑‒–—―−\-()./]+")
CHINA = re.compile(r"^(\+|00)?86(?=1\d{10}$)")


def normal_number(text: str) -> str:
    """Return a number without what only spelling adds: width, spaces, dashes, small letters."""
    return SPACES_AND_DASHES.sub("", unicodedata.normalize("NFKC", text)).upper()


def normal_resident(number: str) -> str:
    """Return a normal number in the form of 18 characters."""
    if not re.fullmatch(r"[0-9]{15}", number):
        return number
    longer = number[:6] + "19" + number[6:]
    return longer + check_character(longer)


def check_character(first: str) -> str:
    """Return what follows the first 17 digits."""
    total = sum(int(digit) * weight for digit, weight in zip(first, WEIGHTS, strict=True))
    return CHECKS[total % 11]


def born_by_number(number: str) -> date | None:
    """Return the date of birth in a number of 18 characters; None where there is none."""
    try:
        return date.fromisoformat(f"{number[6:10]}-{number[10:12]}-{number[12:14]}")
    except ValueError:
        return None


def resident_faults(number: str, *, today: date) -> tuple[str, ...]:
    """Return a code for everything that is wrong with a normal number; nothing if it can be one.

    Parameters
    ----------
    number : str
        As :func:`normal_number` returns it, 15 or 18 characters.
    today : date
        Nobody is born later.
    """
    if len(number) not in (OLD, NEW):
        return ("id_length",)
    if not re.fullmatch(r"[0-9]{15}|[0-9]{17}[0-9X]", number):
        return ("id_characters",)
    whole = normal_resident(number)
    born, found = born_by_number(whole), list[str]()
    if not REGION.fullmatch(whole[:2]):
        found.append("id_region")
    if born is None or not date(1900, 1, 1) <= born <= today:
        found.append("id_birth_date")
    if whole[-1] != check_character(whole[:-1]):
        found.append("id_check_digit")
    return tuple(found)


def normal_phone(text: str) -> str:
    """Return a telephone number as digits; the country only where it is another one."""
    bare = NOT_PHONE.sub("", unicodedata.normalize("NFKC", text))
    return CHINA.sub("", bare)


def normal_name(text: str) -> str:
    """Return a name as it is compared: names of many peoples of Yunnan carry a dot or spaces."""
    return DOTS.sub("", unicodedata.normalize("NFKC", text)).casefold()
