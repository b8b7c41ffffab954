"""Wulian's engine: executes processes, cases and deadlines. It knows no web framework and no word of the
field.
"""
