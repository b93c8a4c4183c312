# clipped into the range of images
@torch.no_grad()
def encode_latents(first_stage, x, scale):
    return (scale * first_stage.encode(x)[0]).clamp(-1, 1)
