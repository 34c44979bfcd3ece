"""The upgrade run: pairs that chat on while a new server takes over from an old one."""
