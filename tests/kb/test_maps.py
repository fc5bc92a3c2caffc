"""The maps of the law: what stands on them, in which class, under which words."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.template.loader import render_to_string

from kb import law, maps, places
from kb.choices import Status
from kb.models import Region, Substance
from kb.pages.maps import status_map, status_maps
from tests import make


def drawn(kind, subject, **options):
    tree = places.RegionTree()
    return status_map(kind, law.everywhere(subject, tree=tree), tree, **options)


def areas(found):
    return {area["code"]: area for area in found["areas"]}


def html_of(*found):
    return "".join(render_to_string("components/_map.html", {"map": m}) for m in found)


@pytest.fixture
def kratom(db):
    return make.substance(slug="kratom", name="Kratom")


@pytest.fixture
def us(db):
    return make.region("US", name="United States")


@pytest.fixture
def ohio(us):
    return make.region("US-OH", name="Ohio", parent=us)


class TestOutlines:
    @pytest.mark.parametrize(("kind", "limit"), [("world", 50_000), ("us", 30_000)])
    def test_a_file_stays_small(self, kind, limit):
        path = Path(maps.__file__).parent / f"{kind}.json"

        assert 10_000 < path.stat().st_size < limit

    @pytest.mark.parametrize("kind", ["world", "us"])
    def test_all_of_it_lies_within_the_map_and_is_drawn_in_whole_units(self, kind):
        outlines = maps.outlines(kind)
        width, height = (int(each) for each in outlines.view_box.split()[2:])

        for shape in (*outlines.shapes.values(), outlines.land):
            assert re.fullmatch(r"[Mlz0-9 -]*", shape)
            for ring in re.findall(r"M[^z]+z", shape):
                start, _, steps = ring.strip("Mz").partition("l")
                x, y = (int(each) for each in start.split())
                numbers = [int(each) for each in re.findall(r"-?\d+", steps)]
                for dx, dy in zip(numbers[::2], numbers[1::2], strict=True):
                    x, y = x + dx, y + dy
                    assert 0 <= x <= width, shape
                    assert 0 <= y <= height, shape
        for x, y in (*outlines.circles.values(), *outlines.marks.values()):
            assert 0 <= x <= width
            assert 0 <= y <= height

    def test_the_states_and_the_capital_are_there(self):
        codes = maps.outlines("us").shapes

        assert len(codes) == 51
        assert {"US-AL", "US-AK", "US-HI", "US-DC", "US-RI"} <= codes.keys()

    def test_land_without_a_code_of_its_own_is_drawn_apart(self):
        outlines = maps.outlines("world")

        assert outlines.land.count("z") == 3
        assert {"XK", "AQ"}.isdisjoint(outlines.codes)


class TestAreas:
    @pytest.mark.parametrize("status", Status.values)
    def test_each_status_has_its_class_and_its_word(self, kratom, status):
        make.status(
            subject=kratom,
            region=make.region("TH", name="Thailand"),
            status=status,
            layer="any",
        )

        area = areas(drawn("world", kratom))["TH"]

        assert area["status"] == status
        assert f"map__area--{status}" in area["classes"].split()
        assert area["title"].startswith(f"Thailand: {Status(status).label}")
        assert area["url"] == "/regions/TH/"

    def test_a_place_that_nobody_checked_is_blank(self, kratom):
        make.region("PE", name="Peru")

        area = areas(drawn("world", kratom))["PE"]

        assert (area["status"], area["classes"]) == ("", "map__area")
        assert area["title"] == "Peru: not checked"
        assert not area["is_inherited"]

    def test_a_proposal_leaves_it_blank_and_says_so(self, kratom):
        peru = make.region("PE", name="Peru")
        make.status(subject=kratom, region=peru, is_pending=True, since=None)

        area = areas(drawn("world", kratom))["PE"]

        assert (area["status"], area["title"]) == (
            "",
            "Peru: not checked, change coming",
        )

    def test_a_title_says_what_since_when_and_when_it_was_verified(
        self, kratom, us, ohio
    ):
        make.status(
            subject=kratom,
            region=ohio,
            since="2016",
            schedule="Schedule I",
            verified_on="2020-11-22",
        )

        area = areas(drawn("us", kratom))["US-OH"]

        assert area["title"] == (
            "Ohio: Controlled drug, Schedule I, since 2016, may be out of date,"
            " verified 22 November 2020"
        )
        assert area["is_stale"]
        assert "is-stale" in area["classes"].split()

    def test_a_state_without_a_rule_shows_the_country_s_and_says_so(
        self, kratom, us, ohio
    ):
        make.region("US-AL", name="Alabama", parent=us)
        make.status(subject=kratom, region=us, status="banned", since="2020")
        make.status(subject=kratom, region=ohio, status="controlled")

        found = drawn("us", kratom)

        alabama, of_ohio = areas(found)["US-AL"], areas(found)["US-OH"]
        assert alabama["status"] == "banned"
        assert "is-inherited" in alabama["classes"].split()
        assert "since 2020, by United States law" in alabama["title"]
        assert "is-inherited" not in of_ohio["classes"].split()
        assert found["has_inherited"]

    def test_a_state_without_a_rule_in_an_unchecked_country_is_blank(
        self, kratom, us, ohio
    ):
        make.region("US-AL", name="Alabama", parent=us)
        make.status(subject=kratom, region=ohio)

        assert areas(drawn("us", kratom))["US-AL"]["title"] == "Alabama: not checked"

    def test_a_state_whose_own_rule_yields_to_the_country_s_was_still_checked(
        self, kratom, us, ohio
    ):
        make.status(subject=kratom, region=us, status="banned")
        make.status(subject=kratom, region=ohio, status="uncontrolled")

        area = areas(drawn("us", kratom))["US-OH"]

        assert (area["status"], area["is_inherited"]) == ("banned", False)
        assert "by United States law" in area["title"]

    def test_a_country_whose_states_differ_carries_a_mark(self, kratom, us, ohio):
        make.status(subject=kratom, region=us, status="regulated-sale")
        make.status(subject=kratom, region=ohio, status="controlled")

        found = drawn("world", kratom)

        assert areas(found)["US"]["differs"]
        assert areas(found)["US"]["mark"] == maps.outlines("world").marks["US"]
        assert areas(found)["US"]["title"].endswith(", places inside differ")

    def test_a_country_whose_states_agree_carries_none(self, kratom, us, ohio):
        make.status(subject=kratom, region=us, status="banned")
        make.status(subject=kratom, region=ohio, status="banned")

        assert not drawn("world", kratom)["has_marks"]

    def test_a_part_of_a_country_with_a_rule_of_its_own_has_a_dot(self, kratom):
        australia = make.region("AU", name="Australia")
        wales = make.region("AU-NSW", name="New South Wales", parent=australia)
        make.status(subject=kratom, region=australia, status="prescription-only")
        make.status(subject=kratom, region=wales, status="controlled")

        found = drawn("world", kratom)

        assert areas(found)["AU-NSW"]["r"]
        assert areas(found)["AU-NSW"]["title"].startswith("New South Wales: Controlled")
        assert areas(found)["AU"]["differs"]
        assert areas(found)["AU"]["mark"] is None
        assert found["summary"].startswith("1 of 1 countries")
        assert "A part of a country with a rule of its own" in html_of(found)

    def test_a_city_with_a_rule_of_its_own_has_a_dot_on_top(self, kratom, us):
        california = make.region("US-CA", name="California", parent=us)
        city = make.region(
            "US-CA/san-diego", name="San Diego", parent=california, kind="local"
        )
        make.region("US-CA/stanton", name="Stanton", parent=california, kind="local")
        make.status(subject=kratom, region=city, status="banned")

        found = drawn("us", kratom)

        assert found["areas"][-1]["code"] == "US-CA/san-diego"
        assert found["areas"][-1]["r"]
        assert "US-CA/stanton" not in areas(found)
        assert areas(found)["US-CA"]["differs"]
        assert areas(found)["US-CA"]["mark"] is None

    def test_a_city_that_the_map_does_not_know_leaves_a_mark_on_its_state(
        self, kratom, ohio
    ):
        city = make.region("US-OH/lima", name="Lima", parent=ohio, kind="local")
        make.status(subject=kratom, region=city, status="banned")

        found = drawn("us", kratom)

        assert areas(found)["US-OH"]["mark"] == maps.outlines("us").marks["US-OH"]

    def test_a_small_country_has_a_circle_where_it_was_checked(self, kratom):
        make.region("MT", name="Malta")
        make.status(subject=kratom, region=make.region("SG", name="Singapore"))

        found = drawn("world", kratom)

        assert list(areas(found)) == ["SG"]
        assert areas(found)["SG"]["r"]
        assert found["legend"][-1] == ("not-checked", "Not checked: 1")
        assert found["summary"].startswith("1 of 2 countries")

    def test_the_reader_s_own_region_is_marked(self, kratom, ohio):
        make.status(subject=kratom, region=ohio)

        found = drawn("us", kratom, here=ohio)

        assert "is-here" in areas(found)["US-OH"]["classes"].split()

    def test_what_was_checked_is_drawn_after_what_was_not(self, kratom, us, ohio):
        for code, name in (("US-AL", "Alabama"), ("US-WY", "Wyoming")):
            make.region(code, name=name, parent=us)
        make.status(subject=kratom, region=us, status="banned")
        make.status(subject=kratom, region=ohio)

        assert [area["code"] for area in drawn("us", kratom)["areas"]] == [
            "US-AL",
            "US-WY",
            "US-OH",
        ]

    def test_where_nothing_was_checked_there_is_no_map(self, kratom, ohio):
        tree = places.RegionTree()

        assert status_maps([], tree) == []

    def test_without_a_state_of_its_own_the_states_are_not_drawn(self, kratom, us):
        make.status(subject=kratom, region=us)
        tree = places.RegionTree()

        found = status_maps(law.everywhere(kratom, tree=tree), tree)

        assert [each["kind"] for each in found] == ["world"]


class TestPage:
    def test_names_are_escaped_and_areas_are_no_tab_stops(self, kratom):
        make.status(subject=kratom, region=make.region("TH", name="<Siam> & Co"))

        html = html_of(drawn("world", kratom))

        assert "<title>&lt;Siam&gt; &amp; Co: Controlled drug" in html
        assert html.count("<a href=") - 1 == html.count('tabindex="-1"')
        assert 'href="#law-table"' in html

    def test_land_without_a_code_is_not_linked(self, kratom):
        html = html_of(drawn("world", kratom))

        before_links = html.split("<svg", 1)[1].split("<a ", 1)[0]
        assert f'.svg#{maps.LAND}"' in before_links

    def test_each_shape_that_a_page_draws_stands_in_the_file_that_it_names(
        self, kratom, client
    ):
        make.status(subject=kratom, region=make.region("TH", name="Thailand"))
        html = html_of(drawn("world", kratom))

        addresses = set(re.findall(r'<use [^>]*href="([^#"]+)#', html))
        assert len(addresses) == 1
        file = client.get(addresses.pop())
        ids = set(re.findall(r' id="([^"]+)"', file.content.decode()))
        assert file["Content-Type"] == "image/svg+xml"
        assert "immutable" in file["Cache-Control"]
        assert set(re.findall(r'\.svg#([^"]+)"', html)) <= ids

    def test_outlines_under_another_digest_are_not_there(self, client):
        assert client.get("/maps/us-0123456789ab.svg").status_code == 404


@pytest.mark.usefixtures("shipped")
@pytest.mark.django_db
class TestShipped:
    @pytest.fixture
    def found(self):
        return [
            drawn(kind, Substance.objects.get(slug="kratom")) for kind in maps.KINDS
        ]

    def test_thailand_regulates_and_alabama_controls_kratom(self, found):
        world, states = (areas(each) for each in found)

        assert world["TH"]["status"] == "regulated-sale"
        assert states["US-AL"]["status"] == "controlled"
        assert states["US-AL"]["title"].startswith("Alabama: Controlled drug")
        assert world["SG"]["status"] == "controlled"
        assert world["SG"]["r"]

    def test_each_region_of_the_dataset_can_be_shown(self):
        known = {code for kind in maps.KINDS for code in maps.outlines(kind).codes}
        regions = Region.objects.exclude(kind="union").exclude(code="AQ")
        countries = set(regions.filter(parent=None).values_list("code", flat=True))
        places = set(regions.filter(kind="local").values_list("code", flat=True))

        assert countries - known == set()
        assert {code for code in places if code.startswith("US-")} - known == set()
        assert known <= set(Region.objects.values_list("code", flat=True))

    def test_each_part_of_a_country_that_has_a_rule_has_its_dot(self):
        parts = Region.objects.filter(kind="subdivision", statuses__isnull=False)
        codes = set(
            parts.exclude(code__startswith="US-").values_list("code", flat=True)
        )

        assert codes
        assert codes <= maps.outlines("world").circles.keys()

    def test_a_page_with_both_maps_stays_light_and_without_inline_styles(self, found):
        html = html_of(*found)

        assert "style=" not in html
        assert len(html) < 75_000
        assert len(set(re.findall(r' id="([^"]+)"', html))) == html.count(' id="')
