from django.apps import AppConfig


class KbConfig(AppConfig):
    name = "kb"
    verbose_name = "Knowledge base"

    def ready(self) -> None:
        from kb import evidence, version

        evidence.watch()
        version.watch("kb")
        version.watch("taggit")
