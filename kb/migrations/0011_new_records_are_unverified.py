"""What somebody enters is not verified until they say so. Rows keep what they say.

Django fills a default in by itself, so no table is touched: SQLite would remake them all.
"""

from django.db import migrations, models

CHOICES = [
    ("verified", "Seen in its source"),
    ("partial", "Seen in part"),
    ("unverified", "Not verified: not seen in its source yet"),
]
OF_A_FACT = (
    "“Seen in its source” only once you have opened the source and found it there."
    " Otherwise readers are told, and it counts for no level."
)
OF_A_BACKGROUND = (
    "Of the background above: “seen” only once somebody has found it in a"
    " reference. Otherwise readers are told."
)
FACTS = (
    *("activity", "evidenceitem", "evidencesearch", "helpresource", "interaction"),
    *("occurrence", "pharmacokinetic", "safetynote", "variety"),
)
HELP = {
    **dict.fromkeys(FACTS, OF_A_FACT),
    "substance": OF_A_BACKGROUND,
    **dict.fromkeys(("alkaloid", "externalid", "source", "symptom"), ""),
}
WITHOUT_HISTORY = ("externalid",)


def altered(model: str) -> migrations.AlterField:
    help_text = HELP[model.removeprefix("historical")]
    field = models.CharField(
        choices=CHOICES, default="unverified", help_text=help_text, max_length=10
    )
    return migrations.AlterField(model, "verification", field)


class Migration(migrations.Migration):
    dependencies = [("kb", "0010_desk_indexes_and_counts")]

    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                *(altered(model) for model in HELP),
                *(
                    altered(f"historical{model}")
                    for model in HELP
                    if model not in WITHOUT_HISTORY
                ),
            ]
        )
    ]
