"""What may be done: each function is one command, one transaction."""

from engine.assembly.process_engine import ProcessEngine
from engine.assembly.services import BpmnError, Service, ServiceCall
from engine.commands.access import break_glass
from engine.commands.calendar import DaySetting, preview_days, publish_year, set_days
from engine.commands.case_services import case_services
from engine.commands.definitions import Deployed, bundle_files, deploy_bundle
from engine.commands.incidents import retry
from engine.commands.instances import Started, cancel, start
from engine.commands.messages import Correlated, broadcast, correlate
from engine.commands.moved_deadlines import Move
from engine.commands.notices import mark_read
from engine.commands.run_jobs import run_job, settle
from engine.commands.tasks import Completed, assign, claim, complete, release, save_draft

__all__ = [
    "BpmnError",
    "Completed",
    "Correlated",
    "DaySetting",
    "Deployed",
    "Move",
    "ProcessEngine",
    "Service",
    "ServiceCall",
    "Started",
    "assign",
    "break_glass",
    "broadcast",
    "bundle_files",
    "cancel",
    "case_services",
    "claim",
    "complete",
    "correlate",
    "deploy_bundle",
    "mark_read",
    "preview_days",
    "publish_year",
    "release",
    "retry",
    "run_job",
    "save_draft",
    "set_days",
    "settle",
    "start",
]
