"""Whether it runs, and what it is. Open to all: nothing here is about anybody."""

from importlib.metadata import PackageNotFoundError, version

from web.api import schemas
from web.api.problems import make_blueprint
from web.extension import engine

blueprint = make_blueprint("service", "The service itself", open_to_all=True)


@blueprint.route("/version", methods=["GET"])
@blueprint.response(200, schemas.Version)
@blueprint.doc(security=[])
def get_version() -> dict[str, str]:
    """The version that runs."""
    try:
        number = version("wulian")
    except PackageNotFoundError:
        number = "0"
    return {"version": number, "api": "v1"}


@blueprint.route("/health", methods=["GET"])
@blueprint.response(200, schemas.Health)
@blueprint.doc(security=[])
def get_health() -> dict[str, str]:
    """200 when the database answers."""
    with engine().database.connect() as conn:
        conn.exec_driver_sql("SELECT 1")
    return {"status": "ok"}
