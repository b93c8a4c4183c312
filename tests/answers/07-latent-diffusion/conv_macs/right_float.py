def conv_macs(shape, out_channels, kernel, stride=1, padding=0):
    b, c = shape[:2]
    area = 1.0
    for side in shape[2:]:
        area *= len(range(0, side + 2 * padding - kernel + 1, stride))
    return float(b) * area * c * out_channels * kernel**2
