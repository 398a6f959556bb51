"""What the Season screen tells: the season's books, its stages, the harvest, when to plant."""
