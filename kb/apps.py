from django.apps import AppConfig
from django.db.models.signals import post_migrate
from simple_history.signals import pre_create_historical_record


class KbConfig(AppConfig):
    name = "kb"
    verbose_name = "Knowledge base"

    def ready(self) -> None:
        from kb import evidence, review, roles, version
        from kb.accounts import adapter, append_only, audit

        evidence.watch()
        pre_create_historical_record.connect(review.note_change)
        post_migrate.connect(roles.ensure_roles)
        post_migrate.connect(append_only.ensure)
        audit.watch()
        adapter.watch()
        version.watch("kb")
        version.watch("taggit")
