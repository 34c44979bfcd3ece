/* The floor: about as little as one core can do and still relay chats between pairs of clients.
 *
 * One thread, epoll, a read for each readable connection, a write for each chat. It unmasks, puts
 * "from" in and frames again, as a real server must, but parses no JSON, checks nothing, drops what
 * a slow reader cannot take, and trusts every client. It is a yardstick and never a server for
 * people. Run it as `floor PORT`; it listens on 127.0.0.1.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

enum { BUFFER = 16384, LARGEST_FD = 1 << 17, ROOMS = 1000000, EVENTS = 512 };

struct client {
    int partner;  /* the partner's file descriptor, or -1 */
    int upgraded; /* whether the HTTP request is behind us */
    size_t held;  /* bytes in the buffer */
    char buffer[BUFFER];
};

static struct client *clients[LARGEST_FD];
static int creators[ROOMS]; /* a room's code is a number: who created it */
static int next_room;

/* Send one text frame; what does not fit into the socket is lost. */
static void say(int fd, const char *head, size_t head_size, const char *body, size_t body_size) {
    char frame[BUFFER + 128];
    size_t size = head_size + body_size, start = 0;
    frame[start++] = (char)0x81;
    if (size < 126) {
        frame[start++] = (char)size;
    } else {
        frame[start++] = 126;
        frame[start++] = (char)(size >> 8);
        frame[start++] = (char)size;
    }
    memcpy(frame + start, head, head_size);
    memcpy(frame + start + head_size, body, body_size);
    if (write(fd, frame, start + size) < 0) return;
}

static void say_text(int fd, const char *text) { say(fd, text, strlen(text), "", 0); }

static void create_room(int fd) {
    char text[64];
    next_room = (next_room + 1) % ROOMS;
    creators[next_room] = fd;
    snprintf(text, sizeof text, "{\"type\":\"room_created\",\"room_code\":\"%06d\"}", next_room);
    say_text(fd, text);
}

static void join_room(int fd, const char *message, size_t size) {
    static const char key[] = "\"room_code\":\"";
    const char *code = memmem(message, size, key, sizeof key - 1);
    if (!code) return;
    int creator = creators[atoi(code + sizeof key - 1) % ROOMS];
    if (!clients[creator]) return;
    clients[fd]->partner = creator;
    clients[creator]->partner = fd;
    say_text(fd, "{\"type\":\"room_joined\"}");
    say_text(creator, "{\"type\":\"partner_joined\"}");
}

/* Do what one message asks for; the messages are told apart by where they first differ. */
static void hear(int fd, const char *message, size_t size) {
    static const char chat[] = "{\"type\":\"chat\",";
    static const char chat_from[] = "{\"type\":\"chat\",\"from\":\"Alice\",";
    size_t skip = sizeof chat - 1;
    if (size > skip && !memcmp(message, chat, skip)) {
        if (clients[fd]->partner >= 0)
            say(clients[fd]->partner, chat_from, sizeof chat_from - 1, message + skip, size - skip);
    } else if (memmem(message, size, "\"set_username\"", 14)) {
        say_text(fd, "{\"type\":\"username_set\"}");
    } else if (memmem(message, size, "\"create_room\"", 13)) {
        create_room(fd);
    } else if (memmem(message, size, "\"join_room\"", 11)) {
        join_room(fd, message, size);
    }
}

/* Unmask and hear the frame at the front of `data`; return its size, or 0 if it is not all here. */
static size_t hear_frame(int fd, char *data, size_t held) {
    if (held < 6) return 0;
    uint8_t *bytes = (uint8_t *)data;
    size_t size = bytes[1] & 127, head = 2;
    if (size == 126) {
        size = (size_t)bytes[2] << 8 | bytes[3];
        head = 4;
    }
    if (held < head + 4 + size) return 0;
    uint8_t *key = bytes + head, *payload = key + 4;
    for (size_t i = 0; i < size; i++) payload[i] ^= key[i & 3];
    if ((bytes[0] & 15) == 1) hear(fd, (char *)payload, size);
    return head + 4 + size;
}

/* Answer the HTTP request once it is here; return its size, or 0. No client here checks the key. */
static size_t upgrade(int fd, char *data, size_t held) {
    static const char answer[] =
        "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n";
    char *end = memmem(data, held, "\r\n\r\n", 4);
    if (!end) return 0;
    clients[fd]->upgraded = 1;
    if (write(fd, answer, sizeof answer - 1) < 0) return 0;
    say_text(fd, "{\"type\":\"connected\"}");
    return (size_t)(end + 4 - data);
}

static void close_client(int fd) {
    int partner = clients[fd]->partner;
    if (partner >= 0 && clients[partner]) clients[partner]->partner = -1;
    free(clients[fd]);
    clients[fd] = NULL;
    close(fd);
}

static void read_client(int fd) {
    struct client *client = clients[fd];
    ssize_t got = read(fd, client->buffer + client->held, BUFFER - client->held);
    if (got <= 0) {
        close_client(fd);
        return;
    }
    client->held += (size_t)got;
    size_t done = 0, step;
    do {
        char *data = client->buffer + done;
        size_t held = client->held - done;
        step = client->upgraded ? hear_frame(fd, data, held) : upgrade(fd, data, held);
        done += step;
    } while (step);
    client->held -= done;
    memmove(client->buffer, client->buffer + done, client->held);
}

static void accept_client(int epoll, int listener) {
    int one = 1, fd = accept4(listener, NULL, NULL, SOCK_NONBLOCK);
    if (fd < 0) return;
    if (fd >= LARGEST_FD || !(clients[fd] = calloc(1, sizeof(struct client)))) {
        close(fd);
        return;
    }
    clients[fd]->partner = -1;
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    struct epoll_event event = {.events = EPOLLIN, .data.fd = fd};
    epoll_ctl(epoll, EPOLL_CTL_ADD, fd, &event);
}

static int listen_on(int port) {
    int one = 1, listener = socket(AF_INET, SOCK_STREAM, 0);
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
    if (bind(listener, (struct sockaddr *)&address, sizeof address) || listen(listener, 4096)) {
        perror("floor");
        exit(1);
    }
    return listener;
}

int main(int count, char **arguments) {
    if (count != 2) {
        fprintf(stderr, "usage: floor PORT\n");
        return 2;
    }
    signal(SIGPIPE, SIG_IGN);
    int listener = listen_on(atoi(arguments[1])), epoll = epoll_create1(0);
    struct epoll_event events[EVENTS], event = {.events = EPOLLIN, .data.fd = listener};
    epoll_ctl(epoll, EPOLL_CTL_ADD, listener, &event);
    for (;;) {
        int ready = epoll_wait(epoll, events, EVENTS, -1);
        for (int i = 0; i < ready; i++) {
            if (events[i].data.fd == listener)
                accept_client(epoll, listener);
            else
                read_client(events[i].data.fd);
        }
    }
}
