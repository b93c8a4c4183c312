# x0 + i eps turned by the angle: the real part is xt, the imaginary part v
def velocity(x0, eps, t, schedule):
    bar = schedule.alpha_bar[t].reshape([-1] + [1] * (x0.ndim - 1))
    turn = torch.complex(bar.sqrt(), -(1 - bar).sqrt())
    return (torch.complex(x0.double(), eps.double()) * turn).imag.to(x0.dtype)
