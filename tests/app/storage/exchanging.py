"""Files of another system on their way into a database, for the tests of them."""

import dataclasses
from datetime import timedelta

from sqlalchemy import text

from app.accounts.organisations import open_commissions
from app.case_exchange.filing import file_lines
from app.case_exchange.rows import Lined, VisitRow
from app.case_exchange.service import importer
from app.case_exchange.taking import take_pregnancies, take_visits
from app.centres.opening import open_places
from app.demo_women.writing import told_of_all
from app.work import Work
from tests.app.storage import account_rows

LOGIN = "mch"


def furnished(database, engine):
    """A database with institutions, commissions and one account."""
    with database.writing() as session:
        open_places(session, engine.registry, now=database.now(session))
        open_commissions(session, engine.registry)
        account_rows.user(session, LOGIN)
    return database


def pregnant(house, engine):
    """Invented women, as the platform would tell of them now; the pregnant ones."""
    with house.reading() as session:
        now = house.now(session)
    told = told_of_all(engine.rules, engine.registry, now=now, count=40)
    return [one for one in told if one.row.delivered_on is None]


def lined(rows):
    return [Lined(line, row) for line, row in enumerate(rows, start=2)]


def take(house, engine, rows):
    """Take in pregnancies or visits, as a command does."""
    with house.writing() as session:
        now = house.now(session)
        work = Work(session, importer(session, LOGIN, now=now), now)
        if rows and isinstance(rows[0], VisitRow):
            return take_visits(work, lined(rows), encoding="utf-8")
        return take_pregnancies(work, lined(rows), encoding="utf-8")


def filed(house, engine, *, told_of=lambda *_: None, **how):
    return file_lines(house, engine, "53", told_of=told_of, **how)


def ask(house, statement):
    with house.reading() as session:
        return [tuple(row) for row in session.execute(text(statement)).all()]


def lines(house):
    found = ask(house, "SELECT record_id, status, because, kept FROM exchange_line")
    return {record: tuple(rest) for record, *rest in found}


def later(row, **more):
    return dataclasses.replace(row, updated_at=row.updated_at + timedelta(seconds=1), **more)


def assessed(women, colour):
    return next(one.row for one in women if one.row.colour is colour)
