package io.bactrian.agent;

import io.bactrian.core.invoke.ModelManager;
import io.bactrian.core.json.JsonCodec;
import io.bactrian.core.tool.ToolCallback;
import io.bactrian.core.tool.ToolEngine;
import java.util.function.LongSupplier;

/**
 * What runs are made with.
 *
 * @param models the way to models
 * @param tools calls tools
 * @param waiting the runs that wait for a person
 * @param json reads and writes JSON
 * @param memory remembers conversations
 * @param callback learns of calls of tools
 * @param threads run tools
 * @param nanoClock counts nanoseconds
 */
record AgentServices(
        ModelManager models,
        ToolEngine tools,
        WaitingRuns waiting,
        JsonCodec json,
        AgentMemory memory,
        ToolCallback callback,
        ToolThreads threads,
        LongSupplier nanoClock) {}
