def conv_macs(shape, out_channels, kernel, stride=1, padding=0):
    conv = nn.Conv2d(shape[1], out_channels, kernel, stride, padding, device="meta")
    result = conv(torch.empty(*shape, device="meta"))
    return result.numel() * shape[1] * kernel**2
