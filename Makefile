# Called by `sam build`, once a function: puts the function's binary where SAM packs it from.
# TARGET (such as aarch64-unknown-linux-gnu) builds for another machine than this one.

FUNCTIONS := GatewayFunction GatewayWorkerFunction ManagerAgentFunction DeliveryFunction

binary_GatewayFunction       := gateway
binary_GatewayWorkerFunction := gateway-worker
binary_ManagerAgentFunction  := manager-agent
binary_DeliveryFunction      := delivery

CARGO ?= cargo
CARGO_TARGET_DIR ?= target
built := $(CARGO_TARGET_DIR)/$(if $(TARGET),$(TARGET)/)lambda

.PHONY: $(FUNCTIONS:%=build-%)
$(FUNCTIONS:%=build-%): build-%:
	$(CARGO) build --locked --profile lambda --bin $(binary_$*) $(if $(TARGET),--target $(TARGET))
	cp $(built)/$(binary_$*) $(ARTIFACTS_DIR)/bootstrap
