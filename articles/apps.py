from django.apps import AppConfig


class ArticlesConfig(AppConfig):
    name = "articles"

    def ready(self) -> None:
        from articles.kinds import ARTICLE
        from kb import kinds, version

        kinds.register(ARTICLE)
        version.watch("articles")
