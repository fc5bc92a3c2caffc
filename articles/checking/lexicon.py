"""Ideas, and the many ways in which people put them.

A sentence is read as the ideas that stand in it: "takes the edge off", "soothes" and
"relief" are all `ease`. frames.py says which ideas together make which claim.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from kb.names import Word

# idea: its words. `*` ends a stem; `_` joins the words of a phrase, `*` alone is any word.
_TABLE = """
ease: eas* relie* sooth* calm* curb* lessen* reduc* lower* cut cuts cutting decreas*
 diminish* mitigat* alleviat* soften* quiet* settl* tame* blunt* dull* dampen* lighten*
 minimi* subsid* tak*_the_edge_off took_the_edge_off knock*_out kill* fade* fading
 disappear* vanish* melt* banish* stop stops stopped help* combat* fight* handl* less
 fewer easier milder gone improv* shrink* shrank drop* fall* fell tak*_away took_away
 took_*_away took_*_*_away tak*_care_of keep*_at_bay kept_at_bay ends ended eras* wip*_out
 work*_wonder* work*_for work*_against good_for great_for remed* beat* cure* cures
 suppress* counter* ward*_off dissolv* heal heals healed healing tone*_down bearable
 tolerable breeze smooth* manageable vanquish* overcom* overcame conquer*
stopping: they_stop you_stop who_stop* people_stop* i_stopped they_stopped you_stopped
 when_*_stop* after_*_stop*
what-treats: what_treats
treats: treats treat
through: through get*_through got_*_through carr*_*_through over_the_hump
effective: effectiv* work* powerful potent strong proven reliabl* efficac* robust
improved: better improv* higher rais* boost* enhanc* increas* gain* best lift*
better: better best improv* higher rais* boost* enhanc* increas* more greater strengthen*
 superior stronger longer likel* upgrad* gain* most
worse: worse* aggravat* intensif*
share: half_of 50_of fifty_of
addiction-care: addiction_treat* addiction_medic* addiction_cent* addiction_counsel*
 addiction_speciali* addiction_care
half: 50 fifty half
halves: halv* in_half by_half half_as half_the_symptoms
study: stud* trial* research* scientist* clinical* experiment* data review* volunteer*
 participant* placebo
placebo: placebo dummy_pill sugar_pill inactive_pill
opioid: opioid* opiate* mu heroin oxy oxycodone fentanyl painkiller*
off-opioids: com*_off_heroin came_off_heroin get*_off_heroin got_off_heroin quit*_heroin
 stop*_heroin leav*_heroin off_heroin com*_off_fentanyl came_off_fentanyl
 get*_off_fentanyl got_off_fentanyl quit*_fentanyl stop*_fentanyl leav*_fentanyl
 off_fentanyl com*_off_oxy* came_off_oxy* get*_off_oxy* got_off_oxy* quit*_oxy* stop*_oxy*
 leav*_oxy* off_oxy* com*_off_painkiller* came_off_painkiller* get*_off_painkiller*
 got_off_painkiller* quit*_painkiller* stop*_painkiller* leav*_painkiller* off_painkiller*
 com*_off_pills came_off_pills get*_off_pills got_off_pills quit*_pills stop*_pills
 leav*_pills off_pills com*_off_opioid* get*_off_*_opioid* come_off_*_opioid*
 came_off_opioid* com*_off_opiate* get*_off_opioid* get*_off_opiate*
 getting_off_painkiller* leav*_opioid*_behind quit*_opioid* quit*_opiate* stop*_opioid*
 stop*_opiate* withdraw*_from_opioid* off_opioid* off_opiate* kick*_opioid* detox*
 withdraw withdrawal* withdrawing
receptor: receptor*
act: act acts acting bind* bound activat* attach* latch* interact* stimulat* target*
 engag* agonist* work*_on dock* hit hits plug* fit* switch* occup* tickl* same trigger*
withdrawal: withdraw withdrawal* withdrawing withdraws wds dopesick
symptoms: symptom* sign signs
detox: detox*
how-it-works: how_kratom_work* how_it_work* how_kratom_act* how_*_act* mechanism*
 pharmacolog* way_kratom_work* way_it_work* way_*_work* mode_of_action workings
documented: document* understood understand* well_known well_described mapped exactly
 described explained
partly: partly partial* some only incomplet* little
studied: studied research* investigat* look*_into explor* examin* body_of_work studies
extensive: extensiv* wide* length thorough* large great_deal years decades lots deeply
 plenty much vast intens*
addiction: addict* dependen* hook* habit_form* habitform* enslav*
tolerance: toleran*
dopamine: dopamin* endorphin*
lack: lack* shortag* drop* drain* fall* fell deplet* low lower lowered imbalanc* run*_out
 ran_out because behind caus* explain* come*_from due deficien* starv* loss collaps*
 crash* reason
differ: decid* determin* not_legal_everywhere differ* var* depends depend depending alike
 unlike_anyone everyone_reacts hing* chang*_from not_the_same from_one_to_the_next unequal
 patchwork individual
person: person people individual* everyone everybody anybody someone body_to_body
 case_to_case no_two between_people you patient*
hardest: hardest toughest most_difficult worst biggest_challenge* hard*_to hardest_to
 most_stubborn greatest_challenge* trickiest difficult*
pain: pain* ach* sore* hurt*
support: counsel* support* therap* psychosocial friends family famil* companion*
vital: vital essential* crucial* important key indispensab* matter* central critical need*
 cannot_do_without play*_a_part play*_a_large_part play*_a_big_part play*_a_role big_part
 large_part pillar* must make*_a_difference
nerves: nerv* anxi* worr* uneas* panic* on_edge jitter*
low-mood: sad sadness depress* low_mood gloom* feeling_low hopeless* despair*
irritable: irritab* short_fuse short_temper* snappy moody mood_swing* quick_temper*
craving: crav* urges
sleep: insomnia sleep* slept restful_night* rest night*
gentle: gentl* soft* mild* kind kindly easy_on tender
therapy: therap* cbt counsel* behavio*
together: with together combin* pair* alongside along join* plus add adding and partner*
retention: less_likely_to_drop fewer_drop* lower_drop* adher* stick* stay* retention
 retain* keep*_people_in keep*_patients_in keep*_you_in complian* keep*_*_in
 complet*_treatment
treatment: treatment* program* therap* rehab*
success: success* succeed*
recovery: recover* sober* clean abstinen*
lasting: long_term longterm lasting enduring sustained permanent* long_run years
care: care support treatment professional* program*
evidence: evidence research science literature stud* papers publication* scientific
 findings
grow: grow* grew expand* mount* accumulat* increas* more_and_more every_year each_year
 keep*_coming swell* piling
replace: substitut* alternativ* replac* instead stand_in stands_in swap* forget ditch*
 rather_than take*_the_place take_the_place toss throw_away no_need
medicine: medicin* medication* meds pharma* prescri* suboxone subs methadone buprenorphine
 lofexidine clonidine painkiller* drugs subutex
herbs: herb* plant* natural*
finished: finish* complet* once after behind over done end ended ends through when past
over: out_of_danger danger_is_over danger_is_past danger_is_behind danger_has_passed
 hard_part beat*_the_addiction beat*_addiction you_are_safe youre_safe home_free
 in_the_clear worst_is_over worst_is_behind nothing_more_can_happen nothing_*_can_happen
 free_for_good safe you_have_made_it cured
risk: risk* danger* hazard* side_effect* harm harms harmful peril* downside* drawback*
unsafe: unsafe
safe: safe harmless safely risk_free
side-effects: side_effect* unwanted_effect* adverse_effect* downside* drawback*
 unpleasant_effect*
only: only just mild* nothing_beyond nothing_worse nothing_serious nothing_more limited
 no_more_than nothing_but at_most minor confined merely no_worse
nausea: nausea* queas* sick
dizziness: dizz* light_head* lightheaded* woozy wooz*
stomach: stomach* tummy gut bowel* digesti* constipat* belly
grave: seizure* liver addict* dependen* death* convuls* respirat* breathing coma
dose: dos* amount* how_much serving* quantit* teaspoon* gram* spoon*
product: product* qualit* composition make_up makeup strain* in_the_bag purity content*
 source batch
tolerance-person: toleran* used_to person body individual* weight sensitiv*
depend: depends depend depending hing* varies_with vary_with influenced determined
 comes_down rest*_on
ask: have_a_word word_with get_advice advice_of ask talk speak consult check see
 consulting talking tell
professional: doctor* physician* pharmacist* doc provider* professional* gp clinician*
 medic
before: before first prior
start: start* begin* go_low dip_your_toe open_with
low: low small* little slow* modest* half tiny quarter lowest minimal minimum
gradual: gradual* slow* little_by_little bit_by_bit step_by_step creep* work*_your_way_up
 build*_up increas* rais* progressiv* slow_and_steady then_*_more inch*
tailor: tailor* fine_tune* fine_tuning dial* exact* precis* custom* personal* adjust*
 adapt* suit* fit fits just_for_you made_for match* bespoke individual*
strain: strain* vein* variet* reds greens whites red_bali red_maeng green_maeng
 white_maeng colour color colours colors
vein: vein* pigment* colour* color* shade hue
strength: strong* strength* poten* mitragynin* alkaloid* chemist*
tells: darker deeper tell* reflect* track* show* window reveal* link* indicat* mirror*
 sign_of correlat* correspond* predict* betray* follow* gauge
red: reds red_vein* red_strain* red_kratom red_ketum red_leaf red_leaves red_variet*
 red_bali red_maeng red_thai red_borneo red_indo red_malay red_powder red_capsule*
 red_one* red_type* red_kind* red_has red_is red_contains red_sits
green: greens green_vein* green_strain* green_kratom green_ketum green_leaf green_leaves
 green_variet* green_bali green_maeng green_thai green_borneo green_indo green_malay
 green_powder green_capsule* green_one* green_type* green_kind* green_has green_is
 green_contains green_sits
rich: more rich* high* most pack* concentrat* load* plenty full abundan* strongest
 elevated boast*
balanced: balanc* even evenly middle centre center harmon* well_rounded
mix: mix* blend* alkaloid* mitragynin* profile make_up makeup spread composition middle
 centre center between
best: best beat* top most_effective better strongest works_better superior differ*
 outperform* winner king
choose: choos* chose pick* select* right proper match* correct perfect ideal
relief: relie* ease effect*
physical: physical* body_ache* muscle* ach* bod*
centuries: centur* hundreds_of_years generations ages ancient* thousand*_of_years
 millenni* age_old forefathers
used: used use uses using chew* drunk drink* brew* taken took take tradition* folk
 medicine* histor* served
tradition: tradition* customar* folk long_been long_served ancestr* for_centuries
 for_generations
long-history: long_history long_tradition rich_history history_of_traditional
mood: mood* mind* temper* spirit* calming composure nerves
law: legal* law* rules rule banned ban bans illegal status outlaw* prohibit* regulat*
 legislation
banned: banned illegal outlaw* prohibit* forbid* forbidden unlawful bans outlaws
allowed: legal allow* permit* sold lawful freely fine_in
elsewhere: others other neighbo* elsewhere everywhere depend*
places: everywhere local* state* countr* place* place_to_place jurisdiction* region*
 where_you_live
simply: just simply nothing_more merely nothing_but plain
natural: natur* helpful beneficial leaf_compound ordinary normal harmless
compound: alkaloid* compound* part component* ingredient* substance molecule constituent*
same: same_as no_different identical_to equal_to equivalent_to as_good_as
 nothing_other_than just_like same_thing_as
guide: guide* article* resource* page manual handbook review
authority: authoritativ* definitiv* trust* science_based evidence_based evidence_backed
 research_backed science_backed backed_by_science backed_by_research based_on_science
 based_on_scientific_evidence based_on_evidence scientifically_grounded reliabl*
 dependabl* credib* reputab*
own: this our you_are_reading here
emily-johnson: emily_johnson
alternative-medicine: alternative_medicine years
holistic: holistic*
doctorate: doctorate phd ph_d doctoral
kratom-therapy: kratom_therap* kratom_therapist
certified: certif* accredit* licen*
amr: alternative_medicine_review
published: publish* print* appear* paper* articles research* stud* wrote
jcm: journal_of_complementary_medicine
member: member* belong*
guild: american_herbalist_guild american_herbalists_guild
nida: nida national_institute_on_drug_abuse institute_on_drug_abuse
nida-site: drugabuse_gov
pubmed-site: pubmed_ncbi_nlm_nih_gov
aac: american_addiction_center*
hopkins-site: hopkinshugman_org
mnt: medical_news_today
nccih: nccih nccih_nih_gov national_center_for_complementary
herbal: herb* botanical* plant_medicine* plant_remed*
addiction-center: addictioncenter_com addiction_center
community: communit*
five-to-seven: 5_7 five_to_seven 5_to_7 five_seven
resources: resource* source* link* reference*
journal-of-pain: journal_of_pain
trial-2023: 2023
trial: trial* stud* randomi*
works: reliev* relie* reduc* work* beat* eas* help* effective* cut* show* prov*
alkaloids: alkaloid* compound* constituent* ingredient* molecule*
it: it its they them this these
leaf: leaf leaves plant powder capsule* tree herb botanical strain strains vein veins reds
 greens whites red_bali red_maeng
fast: the_way quick* fast rapid* soon speed*
milder-than: milder_than less_than lower_than easier_than weaker_than fewer_than
either: with_or_without with_and_without
can: can could you need possible get getting quit leave leaving come coming
need: need needs require*
rx: prescription_medic* prescription_drug* methadone suboxone buprenorphine medication*
 pharmaceutic*
your-needs: your_needs
good: beneficial helpful
slower: slower far_slower low_risk lower_risk little_risk small_risk less_risk
 less_addict* less_likely low_potential less_habit* seldom rarely
"""

_HIDING = frozenset(
    "alternative-medicine amr jcm mnt share addiction-care what-treats stopping either"
    " milder-than aac nida nccih guild".split()
)
_SHORTEST = 3  # letters of a stem by which it is looked up


@dataclass(frozen=True, slots=True)
class Idea:
    """An idea at its place: words number first up to, not including, last."""

    name: str
    first: int
    last: int


_Pattern = tuple[str, tuple[str, ...]]  # ("ease", ("take*", "the", "edge", "off"))


def _read_table() -> tuple[dict[str, list[_Pattern]], list[_Pattern]]:
    """Return the patterns by the word that they begin with, and those with a stem there."""
    whole: dict[str, list[_Pattern]] = {}
    stems: list[_Pattern] = []
    for line in _TABLE.strip().replace("\n ", " ").splitlines():
        name, _, ways = line.partition(": ")
        for way in ways.split():
            parts = tuple(way.split("_"))
            if parts[0].endswith("*"):
                stems.append((name, parts))
            else:
                whole.setdefault(parts[0], []).append((name, parts))
    return whole, stems


_WHOLE, _STEMS = _read_table()
_BY_STEM: dict[str, list[_Pattern]] = {}
for _pattern in _STEMS:
    _BY_STEM.setdefault(_pattern[1][0].rstrip("*")[:_SHORTEST], []).append(_pattern)
IDEAS = frozenset(name for ways in (*_WHOLE.values(), _STEMS) for name, _ in ways)


@lru_cache(maxsize=8192)
def _beginning_with(word: str) -> tuple[_Pattern, ...]:
    """Return the patterns that may begin with this word."""
    by_stem = [*_BY_STEM.get(word[:_SHORTEST], ()), *_BY_STEM.get(word[:2], ())]
    found = [pattern for pattern in by_stem if _is(word, pattern[1][0])]
    return (*_WHOLE.get(word, ()), *dict.fromkeys(found))


def _is(word: str, way: str) -> bool:
    return word.startswith(way[:-1]) if way.endswith("*") else word == way


def ideas(words: Sequence[Word]) -> list[Idea]:
    """Return all ideas in these words, in their order; one word can stand for several.

    Some phrases hide what their words mean one by one: "alternative medicine" replaces
    nothing.
    """
    found = []
    hidden: set[int] = set()
    for at, word in enumerate(words):
        for name, way in _beginning_with(word.text):
            last = at + len(way)
            if last <= len(words) and all(
                _is(words[at + number].text, way[number])
                for number in range(1, len(way))
            ):
                found.append(Idea(name, at, last))
                if name in _HIDING and len(way) > 1:
                    hidden.update(range(at, last))
    turned = {
        at
        for idea in found
        if words[idea.first].text == "not"
        for at in range(idea.first + 1, idea.last)
    }
    return [
        idea
        for idea in found
        if idea.first not in turned  # "not the same" is no "the same"
        if idea.last - idea.first > 1 or idea.first not in hidden
    ]
