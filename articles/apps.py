from django.apps import AppConfig


class ArticlesConfig(AppConfig):
    name = "articles"

    def ready(self) -> None:
        from articles.kinds import ARTICLE
        from articles.naming import articles_naming
        from kb import kinds, uses, version

        kinds.register(ARTICLE)
        uses.register(articles_naming)
        version.watch("articles")
