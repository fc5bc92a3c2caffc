from django.apps import AppConfig


class ArticlesConfig(AppConfig):
    name = "articles"

    def ready(self) -> None:
        from articles.kinds import ARTICLE
        from articles.naming import articles_naming, rename_in_articles
        from kb import kinds, merging, uses, version

        kinds.register(ARTICLE)
        uses.register(articles_naming)
        merging.register(rename_in_articles)
        version.watch("articles")
