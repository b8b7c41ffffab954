"""Runs a graph. Pure: (graph, state, step, now) gives (state, effects); nothing here touches a database or a clock."""
