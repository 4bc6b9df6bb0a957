/** {@code tool-workflow:}, a route as a tool: what publishes it, and what calls it. */
@NullMarked
package io.bactrian.tool.workflow;

import org.jspecify.annotations.NullMarked;
