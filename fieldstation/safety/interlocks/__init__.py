"""One reason to refuse water a file: `judge(view) -> No | None`, asked before and during every run."""
