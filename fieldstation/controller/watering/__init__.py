"""Water asked of the guard, renewed and credited."""
