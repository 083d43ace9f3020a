"""What a person can say: one file a family; a command listed here appears on every platform."""

from bot.command import Command
from commands.after import after
from commands.alerts import coins, language, log, mute, preset, set_one, settings, show
from commands.brief import brief
from commands.digest import digest
from commands.flush import flush
from commands.funding import funding
from commands.help import help_for
from commands.levels import levels
from commands.liquidations import liqs
from commands.movers import movers
from commands.open_interest import open_interest
from commands.scorecard import scorecard
from commands.status import status
from commands.subscription import alerts_status, off, on, post_test
from commands.tuning import preview_posts, target_rate

_COMMANDS: tuple[Command, ...] = (
    flush,
    after,
    brief,
    digest,
    funding,
    open_interest,
    levels,
    liqs,
    movers,
    scorecard,
    status,
    settings,
    on,
    off,
    alerts_status,
    show,
    preset,
    preview_posts,
    target_rate,
    set_one,
    coins,
    language,
    mute,
    log,
    post_test,
)

ALL: tuple[Command, ...] = (*_COMMANDS, help_for(_COMMANDS))
