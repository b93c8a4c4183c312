def zero_conv(channels):
    conv = nn.Conv2d(channels, channels, 1)
    conv.weight = nn.Parameter(torch.zeros(channels, channels, 1, 1))
    conv.bias = nn.Parameter(torch.zeros(channels))
    return conv
