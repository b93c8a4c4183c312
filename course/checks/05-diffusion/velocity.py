"""5.8 The velocity."""

import torch

from course.checks import draw
from course.checks.cases import Call, Doing, Law
from dgm.diffusion import q_sample
from dgm.diffusion import velocity as definition
from dgm.schedule import at


def cases(g):
    for x, y, t, schedule in draw.diffused(g):
        yield Call(x, y, t, schedule)


# Right, in ways that differ.


def right_angle(x0, eps, t, schedule):
    bar = schedule.alpha_bar[t]
    phi = torch.atan2((1 - bar).sqrt(), bar.sqrt())
    phi = phi.reshape(-1, *[1] * (x0.dim() - 1))
    return (torch.cos(phi) * eps - torch.sin(phi) * x0).to(x0.dtype)


def right_at(x0, eps, t, schedule):
    bar = at(schedule.alpha_bar, t, x0)
    return bar.sqrt() * eps - (1 - bar).sqrt() * x0


def right_complex(x0, eps, t, schedule):
    """x0 + i eps turned by the angle: the real part is xt, the imaginary part v"""
    bar = schedule.alpha_bar[t].reshape([-1] + [1] * (x0.ndim - 1))
    turn = torch.complex(bar.sqrt(), -(1 - bar).sqrt())
    return (torch.complex(x0.double(), eps.double()) * turn).imag.to(x0.dtype)


def right_derivative(x0, eps, t, schedule):
    """the slope of cos(phi) x0 + sin(phi) eps in phi, by autograd"""
    phi = torch.acos(schedule.alpha_bar[t].sqrt()).reshape([-1] + [1] * (x0.ndim - 1))
    phi = phi.to(x0.dtype).expand_as(x0).clone()
    path = lambda p: torch.cos(p) * x0 + torch.sin(p) * eps
    return torch.func.jvp(path, (phi,), (torch.ones_like(phi),))[1]


def right_from_xt(x0, eps, t, schedule):
    """through xt"""
    xt = q_sample(x0, t, eps, schedule)
    bar = at(schedule.alpha_bar, t, x0)
    return (bar.sqrt() * xt - x0) / (1 - bar).sqrt()


def right_loop(x0, eps, t, schedule):
    rows = []
    for i in range(x0.shape[0]):
        bar = schedule.alpha_bar[t[i]]
        rows.append(bar**0.5 * eps[i] - (1 - bar) ** 0.5 * x0[i])
    return torch.stack(rows)


def right_quarter_turn(x0, eps, t, schedule):
    """q_sample with the pair (x0, eps) turned by 90 degrees"""
    return q_sample(eps, t, -x0, schedule)


def right_t_reshaped(x0, eps, t, schedule):
    bar = schedule.alpha_bar[t.reshape(-1, *([1] * (x0.dim() - 1)))].float()
    return torch.sqrt(bar) * eps - torch.sqrt(1 - bar) * x0


# Mistakes, and what a student is told.


def wrong_alpha(x0, eps, t, schedule):
    """alpha is one step; alpha_bar is all of them"""
    alpha = at(schedule.alpha, t, x0)
    return alpha.sqrt() * eps - (1 - alpha).sqrt() * x0


def wrong_arguments_swapped(eps, x0, t, schedule):
    """x0 and eps have changed places: the arguments come as x0, eps, t, schedule"""
    bar = at(schedule.alpha_bar, t, x0)
    return bar.sqrt() * eps - (1 - bar).sqrt() * x0


def wrong_difference(x0, eps, t, schedule):
    """the derivative is by the angle, not the difference of two steps"""
    xt = q_sample(x0, t, eps, schedule)
    bar = at(schedule.alpha_bar, t - 1, x0)
    return xt - (bar.sqrt() * x0 + (1 - bar).sqrt() * eps)


def wrong_float64(x0, eps, t, schedule):
    """float64 out for float32 in"""
    bar = schedule.alpha_bar[t].view(-1, *[1] * (x0.dim() - 1))
    return bar.sqrt() * eps - (1 - bar).sqrt() * x0


def wrong_flow(x0, eps, t, schedule):
    """this is the velocity on a straight line (flow matching); here x_t turns from x0 to eps"""
    return eps - x0


def wrong_in_place(x0, eps, t, schedule):
    """eps is changed in place"""
    bar = at(schedule.alpha_bar, t, x0)
    return eps.mul_(bar.sqrt()).sub_((1 - bar).sqrt() * x0)


def wrong_no_return(x0, eps, t, schedule):
    """forgot to return"""
    bar = at(schedule.alpha_bar, t, x0)
    v = bar.sqrt() * eps - (1 - bar).sqrt() * x0


def wrong_no_root_of_noise(x0, eps, t, schedule):
    """the square root of 1 - alpha_bar is missing"""
    bar = at(schedule.alpha_bar, t, x0)
    return bar.sqrt() * eps - (1 - bar) * x0


def wrong_no_roots(x0, eps, t, schedule):
    """both square roots are missing"""
    bar = at(schedule.alpha_bar, t, x0)
    return bar * eps - (1 - bar) * x0


def wrong_one_minus_root(x0, eps, t, schedule):
    """sqrt(1 - alpha_bar) is not 1 - sqrt(alpha_bar)"""
    root = at(schedule.alpha_bar, t, x0).sqrt()
    return root * eps - (1 - root) * x0


def wrong_one_t(x0, eps, t, schedule):
    """each row has a step of its own; here one t serves the whole batch"""
    bar = schedule.alpha_bar[t[0]].item()
    return bar**0.5 * eps - (1 - bar) ** 0.5 * x0


def wrong_plus(x0, eps, t, schedule):
    """a minus stands between them; with a plus they have only changed places"""
    bar = at(schedule.alpha_bar, t, x0)
    return bar.sqrt() * eps + (1 - bar).sqrt() * x0


def wrong_rank_two(x0, eps, t, schedule):
    """right for an x of two axes only: here the coefficient is (B, 1, 1), not (B, 1)"""
    bar = schedule.alpha_bar[t][:, None].to(x0)
    return bar.sqrt() * eps - (1 - bar).sqrt() * x0


def wrong_sign(x0, eps, t, schedule):
    """the sign is turned: noise counts with plus, data with minus"""
    bar = at(schedule.alpha_bar, t, x0)
    return (1 - bar).sqrt() * x0 - bar.sqrt() * eps


def wrong_swapped(x0, eps, t, schedule):
    """the coefficients have changed places: sqrt(alpha_bar) goes with the noise here"""
    bar = at(schedule.alpha_bar, t, x0)
    return (1 - bar).sqrt() * eps - bar.sqrt() * x0


def wrong_swapped_and_turned(x0, eps, t, schedule):
    """x0 and eps have changed places: the arguments come as x0, eps, t, schedule"""
    bar = at(schedule.alpha_bar, t, x0)
    return bar.sqrt() * x0 - (1 - bar).sqrt() * eps


def wrong_t_minus_one(x0, eps, t, schedule):
    """this is step t - 1: entry t of a table belongs to step t"""
    bar = at(schedule.alpha_bar, t - 1, x0)
    return bar.sqrt() * eps - (1 - bar).sqrt() * x0


def wrong_with_xt(x0, eps, t, schedule):
    """x0 is wanted in it, not x_t"""
    bar = at(schedule.alpha_bar, t, x0)
    xt = bar.sqrt() * x0 + (1 - bar).sqrt() * eps
    return bar.sqrt() * eps - (1 - bar).sqrt() * xt


def wrong_xt(x0, eps, t, schedule):
    """this is x_t itself; the velocity is its derivative"""
    return q_sample(x0, t, eps, schedule)
