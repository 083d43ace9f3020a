from __future__ import annotations

from sqlite_utils import Database

from bot.store.channels import load_settings_changes, save_settings_change
from bot.store.rows import SettingsChangeRow


def test_changes_of_settings_are_listed_newest_first(db: Database) -> None:
    """The audit of a channel lists the newest change first, also within one millisecond."""
    for number in range(3):
        save_settings_change(db, SettingsChangeRow("web:1", 7, "ana", "coins", str(number), str(number + 1)))
    save_settings_change(db, SettingsChangeRow("web:2", 8, "ana", "coins", "", "x"))
    assert [row.new for row in load_settings_changes(db, "web:1", 2)] == ["3", "2"]
