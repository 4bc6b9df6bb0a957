/** Which of several credentials a call is made with: who is picked, who is out, and until when. */
@NullMarked
package io.bactrian.core.balance;

import org.jspecify.annotations.NullMarked;
