"""Shows that the product's WebSocket edge keeps to RFC 6455. No part of the product."""
