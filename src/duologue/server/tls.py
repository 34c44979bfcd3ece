"""TLS: the certificate that the server shows, read anew without losing anyone.

What the two ends may agree on is what Mozilla calls intermediate: TLS 1.3, or
1.2 with forward secrecy and authenticated encryption.
"""

import ssl
from pathlib import Path
from typing import Self

from duologue.config import Settings
from duologue.errors import SettingsError
from duologue.server.log import log

_CIPHERS = "ECDHE+AESGCM:ECDHE+CHACHA20"
"""For TLS 1.2; all that 1.3 has are good."""


class Certificate:
    """A certificate and its key, from files that may be replaced.

    Attributes:
        context: For all handshakes; each is given the newest certificate.
    """

    def __init__(self, cert: Path, key: Path | None) -> None:
        """Read the files.

        Raises:
            SettingsError: They cannot be used.
        """
        self._cert = cert
        self._key = key
        self._newest = self.context = _context(cert, key)
        self.context.sni_callback = self._show_newest

    @classmethod
    def of(cls, settings: Settings) -> Self | None:
        """Return what a server shows; None if it does not speak TLS."""
        return None if settings.tls_cert is None else cls(settings.tls_cert, settings.tls_key)

    def reload(self) -> None:
        """Read the files anew; if they are not good, say so and keep what there is."""
        try:
            self._newest = _context(self._cert, self._key)
        except SettingsError as error:
            log.error("the certificate stays as it was: %s", error)
        else:
            log.info("read the certificate anew")

    def _show_newest(self, tls: ssl.SSLObject, _name: str | None, _: ssl.SSLContext) -> None:
        """Choose what a handshake shows, whether the client names a host or not."""
        tls.context = self._newest


def _context(cert: Path, key: Path | None) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.set_ciphers(_CIPHERS)
    context.options |= ssl.OP_NO_RENEGOTIATION | ssl.OP_NO_COMPRESSION
    context.set_alpn_protocols(["http/1.1"])
    _check("tls_cert", cert, b"-----BEGIN CERTIFICATE-----", "certificate")
    _check("tls_key" if key else "tls_cert", key or cert, b"PRIVATE KEY-----", "private key")
    try:
        context.load_cert_chain(cert, key, password=_refuse_passphrase)
    except ssl.SSLError as error:
        raise SettingsError(f"tls_cert: {cert}: {_in_words(error)}") from None
    return context


def _check(setting: str, path: Path, begin: bytes, what: str) -> None:
    """Tell the mistakes apart for which the library has one word."""
    try:
        content = path.read_bytes()
    except OSError as error:
        raise SettingsError(f"{setting}: {path}: {error.strerror}") from None
    if begin not in content:
        raise SettingsError(f"{setting}: {path}: there is no {what} in it, as PEM")


def _in_words(error: ssl.SSLError) -> str:
    if error.reason == "KEY_VALUES_MISMATCH":
        return "the private key belongs to another certificate"
    return f"it cannot be used: {error.reason or error}"


def _refuse_passphrase() -> str:
    """Answer for a terminal that nobody sits at."""
    raise SettingsError("tls_key: it is encrypted, and nobody is asked for a passphrase")
