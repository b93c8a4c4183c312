import numpy as np


def conv_macs(shape, out_channels, kernel, stride=1, padding=0):
    sides = (np.array(shape[2:]) + 2 * padding - kernel) // stride + 1
    return np.prod(sides) * np.prod(shape[:2]) * out_channels * kernel**2
