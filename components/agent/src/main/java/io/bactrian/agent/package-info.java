/** The component {@code agent:}: a language model that answers with the help of tools. */
@NullMarked
package io.bactrian.agent;

import org.jspecify.annotations.NullMarked;
