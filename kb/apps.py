from django.apps import AppConfig
from django.db.models.signals import post_migrate
from simple_history.signals import pre_create_historical_record


class KbConfig(AppConfig):
    name = "kb"
    verbose_name = "Knowledge base"

    def ready(self) -> None:
        from functools import partial

        from kb import merging, plain, regrading, review, roles, uses, version
        from kb.accounts import adapter, append_only, audit

        regrading.watch()
        pre_create_historical_record.connect(review.note_change)
        post_migrate.connect(roles.ensure_roles)
        post_migrate.connect(append_only.ensure)
        audit.watch()
        for kind in plain.KINDS:
            uses.register(partial(plain.citing, kind))
        merging.register(plain.rename_source)
        adapter.watch()
        version.watch("kb")
        version.watch("taggit")
