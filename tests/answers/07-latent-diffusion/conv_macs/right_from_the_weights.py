def conv_macs(shape, out_channels, kernel, stride=1, padding=0):
    conv = nn.Conv2d(shape[1], out_channels, kernel, stride, padding, bias=False)
    sides = [math.floor((s + 2 * padding - kernel) / stride + 1) for s in shape[2:]]
    return math.prod(sides) * conv.weight.numel() * shape[0]
