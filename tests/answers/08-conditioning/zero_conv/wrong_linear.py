# a linear layer
# raises: RuntimeError
def zero_conv(channels):
    conv = nn.Linear(channels, channels)
    nn.init.zeros_(conv.weight)
    nn.init.zeros_(conv.bias)
    return conv
