/** Methods of one's own as tools: annotations, and what makes a provider of an object that bears them. */
@NullMarked
package io.bactrian.core.tool.annotation;

import org.jspecify.annotations.NullMarked;
