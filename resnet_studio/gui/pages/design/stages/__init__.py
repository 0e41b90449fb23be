"""The rows of the stages in the panel: fields, choosing, dragging, clipboard, steps."""
