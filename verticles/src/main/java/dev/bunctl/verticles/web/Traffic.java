package dev.bunctl.verticles.web;

/** Hears of what goes through the SockJS bridge. */
interface Traffic {
    /** So many pages are connected now. */
    void connections(int count);

    /** A page has sent a message. */
    void received();

    /** A message was sent to a page. */
    void sent();

    /** A message to a page was dropped. */
    void dropped();

    /** A page was cut off for being too slow. */
    void cut();
}
