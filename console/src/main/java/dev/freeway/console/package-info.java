/// The console: a page that shows the delivery highway by calling the same APIs as every client.
@NullMarked
package dev.freeway.console;

import org.jspecify.annotations.NullMarked;
