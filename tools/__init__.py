"""Programs that make the documentation: the site's pages and the pictures."""
