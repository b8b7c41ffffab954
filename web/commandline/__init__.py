"""The commands of ``wulian``, one file for each subject."""
