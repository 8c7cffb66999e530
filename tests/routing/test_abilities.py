from facilities.capability import Trust
from facilities.centre import WardLevel
from routing.abilities import Abilities, Label
from tests.routing.toys import centre, world

NEED = (("CS_24H",), ("BLOOD_RBC", "BLOOD_MTP"))
WISH = (("AICU",),)


def abilities(*centres):
    return Abilities.of(world(centres, {}).centres, NEED, WISH)


def test_what_is_asked_for_and_not_there_is_named_required_first():
    found = abilities(centre("A"), centre("B", "CS_24H", "BLOOD_MTP", "AICU"))

    assert found.lacks == (("CS_24H", "BLOOD_RBC|BLOOD_MTP", "AICU"), ())


def test_a_group_is_believed_as_far_as_its_best_member():
    known = centre("A", "CS_24H", "BLOOD_RBC", trust=Trust.CONFIRMED)
    guessed = centre("B", "CS_24H", trust=Trust.ASSUMED)
    found = abilities(known, guessed)

    assert found.trust == (
        {"CS_24H": "confirmed", "BLOOD_RBC|BLOOD_MTP": "confirmed"},
        {"CS_24H": "assumed"},
    )
    assert found.doubtful == (False, True)


def test_centres_that_are_alike_share_what_is_said_of_them():
    found = abilities(centre("A", "CS_24H"), centre("B", "CS_24H"))

    assert found.trust[0] is found.trust[1]
    assert found.lacks[0] is found.lacks[1]


def test_a_need_for_nothing_lacks_nothing():
    found = Abilities.of(world([centre("A")], {}).centres, (), ())

    assert (found.lacks, found.trust, found.doubtful) == (((),), ({},), (False,))


def test_a_level_that_is_not_there_has_no_name():
    label = Label.of(centre("A", m=None, n=2, ward=WardLevel.L3A))

    assert (label.facility_id, label.maternal_level, label.neonatal_level) == ("A", None, "N2")
