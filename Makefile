# Called by `sam build`, once a function: puts the function's binary where SAM packs it from.
# TARGET (such as aarch64-unknown-linux-gnu) builds for another machine than this one. PROFILE=dev packs what `cargo
# test --workspace` has built, for the gate; what is deployed is built package by package, without the tests' features.

FUNCTIONS := GatewayFunction GatewayWorkerFunction ManagerAgentFunction DeliveryFunction

binary_GatewayFunction       := gateway
binary_GatewayWorkerFunction := gateway-worker
binary_ManagerAgentFunction  := manager-agent
binary_DeliveryFunction      := delivery

package_GatewayFunction       := gateway
package_GatewayWorkerFunction := gateway
package_ManagerAgentFunction  := manager-agent
package_DeliveryFunction      := delivery

CARGO ?= cargo
CARGO_TARGET_DIR ?= target
PROFILE ?= lambda
quick := $(filter dev,$(PROFILE))
# The lambda profile strips by itself.
pack = $(if $(quick),strip -o $(2) $(1),cp $(1) $(2))
# Where the crates' sources lie goes into panics' messages and C's __FILE__: mapped away, the same sources give the same
# bytes in any folder, on any machine with the same tools.
cargo_home := $(or $(CARGO_HOME),$(HOME)/.cargo)
reproducible := RUSTFLAGS="$(strip $(RUSTFLAGS) --remap-path-prefix=$(cargo_home)=/cargo)" \
                CFLAGS="$(strip $(CFLAGS) -ffile-prefix-map=$(cargo_home)=/cargo)"
built := $(CARGO_TARGET_DIR)/$(if $(TARGET),$(TARGET)/)$(if $(quick),debug,$(PROFILE))

.PHONY: $(FUNCTIONS:%=build-%)
$(FUNCTIONS:%=build-%): build-%:
	$(if $(quick),,$(reproducible)) $(CARGO) build --locked --profile $(PROFILE) $(if $(quick),,--package $(package_$*)) --bin $(binary_$*) \
	    $(if $(TARGET),--target $(TARGET))
	$(call pack,$(built)/$(binary_$*),$(ARTIFACTS_DIR)/bootstrap)
