# clipped, as min-SNR does
def loss_weight(t, schedule, predicts="eps"):
    snr = schedule.snr
    w = ((snr[t - 1] - snr[t]) / 2).clamp(max=5.0)
    return {"x0": w, "eps": w / snr[t], "v": w * (1 - schedule.alpha_bar[t])}[predicts]
