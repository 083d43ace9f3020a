from bot.chat.web.guard import allowed_hosts


def test_browsers_leave_out_port_80() -> None:
    """On port 80 the bare names are ours as well, on any other port they are not."""
    assert "localhost" in allowed_hosts(80)
    assert "localhost" not in allowed_hosts(8080)
