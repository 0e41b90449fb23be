"""The column at the right: classes, findings, sizes and facts of what is there."""
